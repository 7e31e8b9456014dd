// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Euro} from "../../../contracts/libraries/Euro.sol";
import {AllocationTree} from "../../../contracts/libraries/AllocationTree.sol";
import {TreeAnswer} from "../../../contracts/libraries/TreeAnswer.sol";

/// @notice What halmos proves, or gives up on, about the arithmetic; see docs/analysis.md.
contract Arithmetic {
    /// @dev With the next: `euroUp` is the ceiling. The product is one unknown there, which is easier than two.
    function check_euroUp_divides_the_whole_product(uint64 wh, uint64 price) public pure {
        assert(Euro.euroUp(wh, price) == _divideUp(uint256(wh) * price, 1000));
    }
    function check_division_by_1000_is_the_ceiling(uint128 product) public pure {
        uint256 up = _divideUp(product, 1000);
        assert(up * 1000 >= product && up * 1000 < uint256(product) + 1000);
    }
    function check_share_never_exceeds_quantity(uint64 quantity, uint64 rest, uint64 total) public pure {
        if (total == 0 || rest > total) return;
        assert((uint256(quantity) * rest) / total <= quantity);
    }
    function check_depth_is_the_logarithm(uint32 count) public pure {
        if (count == 0 || count > 1 << 20) return;
        uint256 depth = AllocationTree.depthOf(count);
        assert(count <= (1 << depth) && (depth == 0 || count > (1 << (depth - 1))));
    }
    function check_bottom_is_five_levels_down(uint8 level) public pure {
        uint256 bottom = TreeAnswer.bottomOf(level);
        assert(bottom <= level && level - bottom <= 5 && (bottom == 0 || level - bottom == 5));
    }
    /// @dev A value below 2^96 times at most 10000 basis points is below 2^112.
    function check_share_in_cents_covers_the_share(uint112 valueTimesBps) public pure {
        uint256 parts = 10_000 * 10_000;
        assert(_divideUp(valueTimesBps, parts) * parts >= valueTimesBps);
    }
    function _divideUp(uint256 product, uint256 parts) private pure returns (uint256) {
        return (product + parts - 1) / parts;
    }
}
