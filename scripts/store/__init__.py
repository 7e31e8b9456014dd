"""`commonwatt store`: what an operator registers before readings can come in."""
