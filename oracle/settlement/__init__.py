"""Settlement: from filled orders and metered energy to what each member pays and gets."""
