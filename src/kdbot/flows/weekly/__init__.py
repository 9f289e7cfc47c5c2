"""The weekly audit and the bot's tracking issues."""
