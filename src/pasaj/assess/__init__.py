"""Assessments: frameworks, and what is asked with them."""
