"""What people see: pure functions from facts to a `Screen`, one module per noun. They know no Telegram, no database, no use case."""
