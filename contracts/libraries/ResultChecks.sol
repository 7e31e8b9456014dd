// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketplace, SlotResult} from "../interfaces/IMarketplace.sol";

/// @title What is wrong with a slot result on its face
/// @notice Everything that can be seen without the orders; the rest is refuted during the challenge window.
library ResultChecks {
    uint32 internal constant NO_WITNESS = type(uint32).max;
    uint256 internal constant MOST_ORDERS_PER_SLOT = 1 << 20;

    /// @notice Checks one slot's result.
    /// @param slot Its number, for the error.
    /// @param result The result.
    /// @param revealed Orders revealed in the session.
    /// @param floorPrice The session's floor.
    /// @param capPrice The session's cap.
    function check(
        uint256 slot,
        SlotResult memory result,
        uint256 revealed,
        uint256 floorPrice,
        uint256 capPrice
    ) internal pure {
        if (result.orderCount > MOST_ORDERS_PER_SLOT) revert IMarketplace.ImpossibleResult(slot, "order count");
        if (result.buyFilled != result.volume || result.sellFilled != result.volume) {
            revert IMarketplace.ImpossibleResult(slot, "filled is volume");
        }
        if (result.orderCount == 0 && (result.root != bytes32(0) || result.volume != 0)) {
            revert IMarketplace.ImpossibleResult(slot, "empty slot");
        }
        if (result.volume == 0) _checkNoTrade(slot, result);
        else _checkTrade(slot, result, revealed, floorPrice, capPrice);
    }

    function _checkNoTrade(uint256 slot, SlotResult memory result) private pure {
        if (result.price != 0 || result.lo != 0 || result.hi != 0) {
            revert IMarketplace.ImpossibleResult(slot, "no trade, no price");
        }
        if (
            result.marginBuyQuantity != 0 ||
            result.marginBuyFilled != 0 ||
            result.marginSellQuantity != 0 ||
            result.marginSellFilled != 0
        ) revert IMarketplace.ImpossibleResult(slot, "no trade, no margin");
        if (result.loWitness != NO_WITNESS || result.hiWitness != NO_WITNESS) {
            revert IMarketplace.ImpossibleResult(slot, "no trade, no witness");
        }
    }

    function _checkTrade(
        uint256 slot,
        SlotResult memory result,
        uint256 revealed,
        uint256 floorPrice,
        uint256 capPrice
    ) private pure {
        if (result.lo < floorPrice || result.hi < result.lo || result.hi > capPrice) {
            revert IMarketplace.ImpossibleResult(slot, "price interval");
        }
        // A price of 0 would make margin orders indistinguishable from none: limits are at least 1.
        if (result.price != (uint256(result.lo) + result.hi) / 2 || result.price == 0) {
            revert IMarketplace.ImpossibleResult(slot, "midpoint");
        }
        if (result.loWitness >= revealed || result.hiWitness >= revealed) {
            revert IMarketplace.ImpossibleResult(slot, "witness");
        }
        if (result.marginBuyFilled > result.marginBuyQuantity || result.marginSellFilled > result.marginSellQuantity)
            revert IMarketplace.ImpossibleResult(slot, "margin");
        if (result.marginBuyFilled != result.marginBuyQuantity && result.marginSellFilled != result.marginSellQuantity)
            revert IMarketplace.ImpossibleResult(slot, "both margins unfilled");
    }
}
