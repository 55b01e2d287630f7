"""Pages of the installation itself, outside any city: the choice of city, and whether the service is up."""
