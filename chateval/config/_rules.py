"""The kinds of value that a key can hold. The description finishes the sentence "That key takes ..."."""

from typing import Annotated, Any, Literal

from msgspec import Meta

Flag = Annotated[bool, Meta(description="true or false")]
Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1, description="a whole number of at most 64 bits")]
Count = Annotated[int, Meta(ge=0, le=1_000_000, description="a whole number from 0 to 1,000,000")]
Positive = Annotated[int, Meta(ge=1, le=1_000_000, description="a whole number from 1 to 1,000,000")]
Seconds = Annotated[int, Meta(ge=1, le=10**9, description="a whole number of seconds, 1 or more")]
Delay = Annotated[float, Meta(ge=0, le=3600, description="a number of seconds from 0 to 3600")]
Repeats = Annotated[int, Meta(ge=0, le=5, description="a whole number from 0 to 5")]
TypingRate = Annotated[float, Meta(ge=0, le=1000, description="a number from 0 to 1000")]
Timeout = Annotated[float, Meta(gt=0, le=86_400, description="a number of seconds above 0, at most a day")]
Attempts = Annotated[int, Meta(ge=1, le=20, description="a whole number from 1 to 20")]
Rate = Annotated[int, Meta(ge=1, le=10**12, description="a whole number, 1 or more")]
Candidates = Annotated[int, Meta(ge=1, le=100, description="a whole number from 1 to 100")]
Share = Annotated[float, Meta(ge=0, le=1, description="a share: a number from 0 to 1")]
Dollars = Annotated[
    float, Meta(ge=0, le=100_000, description="an amount in dollars: a number, 0 or more, with no currency sign")
]
GiB = Annotated[float, Meta(ge=0, le=10_000, description="a number of GiB, 0 or more")]
Text = Annotated[str, Meta(description="text")]
SomeText = Annotated[str, Meta(min_length=1, description="text that is not empty")]
FilePath = Annotated[str, Meta(min_length=1, description="the path of a file")]
FolderPath = Annotated[str, Meta(min_length=1, description="the path of a folder")]
Port = Annotated[int, Meta(ge=1, le=65535, description="a port: a whole number from 1 to 65535")]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error", "critical"],
    Meta(description="one of debug, info, warning, error, critical"),
]
SignedLinks = Annotated[Literal["auto", "always", "never"], Meta(description="one of auto, always, never")]
HookName = Annotated[
    str, Meta(pattern=r"^[\w.]+:\w+$", description="a Python function, written package.module:function")
]
AutoFlag = Annotated[Literal["auto"] | bool, Meta(description="one of auto, true, false")]
Names = Annotated[tuple[str, ...], Meta(description="a list of names")]
Options = Annotated[dict[str, Any], Meta(description="a mapping of option names to values")]
TaskLists = Annotated[tuple[Any, ...], Meta(description="a list with one list of task names for each dialogue")]
Lines = Annotated[
    tuple[Annotated[str, Meta(min_length=1)], ...], Meta(description="a list of texts, none of them empty")
]
