"""The schema's history. A release expands first and contracts one release later."""

HEAD = "0001"
