"""What tests on a whole city share: the city and its people, browsers that come to it, answers, letters and pictures."""
