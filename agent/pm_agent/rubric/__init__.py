"""Judging text by rules that are data: blame, SMART, causal chains, completeness, response. No model, no network."""
