"""One folder for each agent: `<name>/<name>.py` with the class `<Name>Agent` is `--model internal:<name>`."""
