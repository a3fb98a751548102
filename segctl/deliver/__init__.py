"""Messages to webhooks: what they say, who signs them, where they may go, and what an answer means."""
