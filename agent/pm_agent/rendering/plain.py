"""Text for a terminal: free of control codes and of marks that reorder it."""

from pm_agent.language.hidden import visible

__all__ = ["visible"]
