"""How much may be said, kept and asked for. `chateval/router/_limits.py` has the limits on connections."""

MAX_MESSAGE_BYTES = 64 * 1024
"""A longer WebSocket message from a page is refused unread."""

MAX_TEXT_CHARACTERS = 10_000
"""The longest chat message or comment; what people write by hand is far below."""

MAX_LINK_CHARACTERS = 2_000
"""The longest id in a `join` that is parsed at all, so that one that is too long can be refused with a reason."""

MAX_ID_CHARACTERS = 200
"""The longest worker or assignment id that is taken; those of platforms have 24 to 40."""

MAX_BATCH_BYTES = 64 * 1024 * 1024
"""The longest message between router and operator."""

MAX_BATCH_CHARACTERS = MAX_BATCH_BYTES // 16
"""How much text is gathered into one such message: a character takes at most 4 bytes, and the last text may be long."""

MESSAGES_PER_SECOND = 30.0
"""How fast one page, and all pages of one session together, may go on sending; people send one or two a second."""

MESSAGE_BURST = 600
"""How many messages may come at once before that rate holds: a page that was offline sends all that it has kept."""

MAX_WAITING_MESSAGES = 200
"""How many messages of one session may wait for the one before them to be committed."""

JOINS_PER_SECOND = 2.0
"""How often one connection, and one session, may go on asking for a session; each answer holds its whole history."""

JOIN_BURST = 100
"""How many such questions may come at once: a flaky line brings several, and so does opening many tabs."""

MAX_PAGES_PER_SESSION = 16
"""How many connections may follow one session; with one more, the oldest stops getting updates."""

MAX_SESSION_ENTRIES = 2_000
"""A chat that may be finished takes no more turns once its session has this many events in the journal."""

MAX_SESSION_CHARACTERS = 1_000_000
"""... or once its turns hold this much text, some 500 printed pages; both keep one person from filling the disk."""

MAX_LABEL_ENTRIES = 20_000
"""A session takes no more answers once it has this many events in the journal; ten tasks on 200 turns have 2,000."""

MAX_LABEL_ITEMS = 200
"""How many options or spans one answer may hold, and how many times one message may report."""
