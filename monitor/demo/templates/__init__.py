"""The pages of the replica sites as Jinja templates, one list and one article each."""
