"""`python -m pm_agent` is `pm-agent`."""

from pm_agent.cli import main

if __name__ == "__main__":
    main()
