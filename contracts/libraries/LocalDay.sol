// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Local days on chain: the number of days from 1970-01-01 to the date in Italy
/// @notice A local day begins at 23:00 UTC of the day before, in summer at 22:00. The chain knows no calendar: in the
/// hour between, both dates are possible, and what is checked allows both. What is exact is the operators' to say.
library LocalDay {
    uint256 private constant WINTER_OFFSET = 1 hours;
    uint256 private constant SUMMER_OFFSET = 2 hours;

    /// @notice The day of a moment in winter time: no date in Italy is earlier.
    function earliest(uint256 timestamp) internal pure returns (uint256) {
        return (timestamp + WINTER_OFFSET) / 1 days;
    }

    /// @notice The day of a moment in summer time: no date in Italy is later.
    function latest(uint256 timestamp) internal pure returns (uint256) {
        return (timestamp + SUMMER_OFFSET) / 1 days;
    }

    /// @notice When a day is over in summer time, the sooner of the two.
    function soonestEnd(uint256 day) internal pure returns (uint256) {
        return (day + 1) * 1 days - SUMMER_OFFSET;
    }
}
