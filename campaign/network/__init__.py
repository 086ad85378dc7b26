"""Hosts with a network of their own: Linux's network namespaces, joined by a bridge of this machine."""
