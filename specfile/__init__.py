"""specfile: compile YAML storyboards to avatar videos."""

__version__ = "0.1.0"
