"""The example bot: a small program that holds a friendly dialogue without any model."""
