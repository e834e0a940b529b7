"""The webhook provider: it makes events, signs, sends and repeats deliveries. Only `wire` opens sockets."""
