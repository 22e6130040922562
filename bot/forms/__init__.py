"""Pages on which a person types what belongs in no chat."""
