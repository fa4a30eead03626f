"""What the behaviour of a local project rests on, rule by rule."""
