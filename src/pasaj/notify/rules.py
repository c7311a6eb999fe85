"""Who may see whom we tell, what was sent, and what came back."""
