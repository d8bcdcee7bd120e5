"""The page: its template, our files under the edition that it names, plotly.js."""
