// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Money of an energy quantity at a price
/// @notice `wh × price / 1000` in µ€, with energy in Wh and price in µ€/kWh.
library Euro {
    uint256 private constant WH_PER_KWH = 1000;

    /// @notice Rounded up: what a member owes.
    /// @dev Unchecked: the product of two 64-bit values has 128 bits.
    function euroUp(uint64 energyWh, uint64 price) internal pure returns (uint256) {
        unchecked {
            return (uint256(energyWh) * price + WH_PER_KWH - 1) / WH_PER_KWH;
        }
    }
}
