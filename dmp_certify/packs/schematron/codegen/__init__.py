"""From the typed tree to Python statements; pack text appears only as `repr()` constants."""
