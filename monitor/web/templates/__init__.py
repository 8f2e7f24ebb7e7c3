"""The pages as Jinja templates: each sentence in Chinese and English beside each other, `say` chooses."""
