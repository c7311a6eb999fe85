"""Forms on phones and in browsers: XLSForms, OpenRosa, submissions, what became of them."""
