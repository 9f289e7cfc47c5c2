"""What the bot knows about language: titles, venues, dates, names, hosts, labels, characters."""
