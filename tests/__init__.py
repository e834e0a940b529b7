"""The tests of the engine, of the real content, and of the whole way in a browser."""
