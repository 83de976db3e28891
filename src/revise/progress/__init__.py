"""What a learner has done so far: marks in the notebook, attempts on record, the map of concepts."""
