"""The shared vocabulary, the workflow presets and the procedures that come with Madoguchi."""
