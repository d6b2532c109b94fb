"""Drafts blameless incident postmortems from what an incident left behind."""
