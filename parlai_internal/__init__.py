"""ParlAI agents of this project; see README.md beside this file."""
