"""The HTTP endpoints: what they answer, and the server that carries them."""
