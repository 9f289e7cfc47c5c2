"""What the bot says under an issue or a pull request: values made in Python, words in templates."""
