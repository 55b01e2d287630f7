"""Editing the features of a layer: a draft for each editor, whose steps can be undone, becomes the layer's next version.

`drafts` keeps the steps, `changes` says what they change in the layer as it is now and what somebody else changed meanwhile, `publication`
makes the version. `listing` reads features with the draft laid over them, `shapes` judges and divides shapes, `positions` reads and writes
their coordinates as people type them.
"""

from geo.editing.changes import DraftChange, draft_changes
from geo.editing.drafts import (
    MAX_STEPS,
    Draft,
    DraftFull,
    State,
    add_column,
    add_step,
    discard_draft,
    draft_of,
    drafts_of,
    expire_drafts,
    new_feature_id,
    redo,
    states_of,
    undo,
)
from geo.editing.listing import ListedFeature, features_in, features_listed, suggested_values, value_taken
from geo.editing.positions import PositionFault, read_positions, write_positions
from geo.editing.publication import DraftConflict, NothingChanged, publish_draft
from geo.editing.shapes import MAX_POSITIONS, ShapeFault, add_part, checked, cut, in_plane, merged, moved, split

__all__ = [
    "MAX_POSITIONS",
    "MAX_STEPS",
    "Draft",
    "DraftChange",
    "DraftConflict",
    "DraftFull",
    "ListedFeature",
    "NothingChanged",
    "PositionFault",
    "ShapeFault",
    "State",
    "add_column",
    "add_part",
    "add_step",
    "checked",
    "cut",
    "discard_draft",
    "draft_changes",
    "draft_of",
    "drafts_of",
    "expire_drafts",
    "features_in",
    "features_listed",
    "in_plane",
    "merged",
    "moved",
    "new_feature_id",
    "publish_draft",
    "read_positions",
    "redo",
    "split",
    "states_of",
    "suggested_values",
    "undo",
    "value_taken",
    "write_positions",
]
