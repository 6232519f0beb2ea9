"""Fast numerics on bare arrays that several stages need; knows nobody."""
