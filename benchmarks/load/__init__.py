"""The parts of `live_chat.py`: servers, simulated workers, loads, measures and the table."""
