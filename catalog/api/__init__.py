"""Which doors does the catalogue have for machines? Same selectors, services and terms as its pages."""
