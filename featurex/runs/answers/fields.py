"""Types that fields of several answers have, with their ranges."""

from typing import Annotated

from featurex.runs.encoding import Between, Marker

Key = Annotated[str, Marker("model")]
ClassName = Annotated[str, Marker("class")]
Count = Annotated[int, Between(0, 2**53)]
Fraction = Annotated[float, Between(0, 1)]
Difference = Annotated[float, Between(-1, 1)]
Seconds = Annotated[float, Between(0, 1e12)]
