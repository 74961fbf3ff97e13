"""Ways to a target's files, and the steps that they are made of."""
