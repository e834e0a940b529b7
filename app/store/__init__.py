"""The learner's progress in a database; the only SQL of the course."""
