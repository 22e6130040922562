"""What happens when somebody types or presses: read it, call one use case, show its view. One module per noun; `routes` is the table."""
