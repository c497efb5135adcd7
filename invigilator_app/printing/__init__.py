"""A4 sheets as PDF: door sheet and room record sheet. Black and white safe, page x/y."""
