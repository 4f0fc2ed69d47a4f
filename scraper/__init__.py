"""Who publishes, where, and exactly which bytes came back; the only package that touches the network."""
