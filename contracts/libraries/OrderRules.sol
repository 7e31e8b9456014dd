// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketplace, Order} from "../interfaces/IMarketplace.sol";
import {SessionParameters} from "../interfaces/ISessionHandler.sol";
import {Euro} from "./Euro.sol";

/// @title What orders must look like, and the most that they can cost or earn
library OrderRules {
    uint256 internal constant QUANTITY_LIMIT = 1 << 40;

    /// @notice Most debit, penalty and credit of a trader's orders, summed order by order. [2]
    struct Bounds {
        uint256 debit;
        uint256 penalty;
        uint256 credit;
    }

    /// @notice Checks orders against a session's parameters and sums their bounds.
    /// @dev Rounds every bound up, so that the sum over orders is never below what a settlement rounds once per slot.
    function check(
        Order[] calldata orders,
        SessionParameters memory parameters
    ) internal pure returns (Bounds memory bounds) {
        uint256 count = orders.length;
        if (count == 0 || count > parameters.mostOrders) {
            revert IMarketplace.WrongOrderCount(count, parameters.mostOrders);
        }
        uint256 priorSlot = 0;
        bool priorIsBuy = orders[0].isBuy;
        for (uint256 i = 0; i < count; ++i) {
            Order calldata order = orders[i];
            uint256 slot = order.slot;
            bool isBuy = order.isBuy;
            if (slot >= parameters.slotCount || slot < priorSlot) revert IMarketplace.WrongSlot(i, slot);
            if (slot == priorSlot && isBuy != priorIsBuy) revert IMarketplace.BothSides(i, slot);
            (priorSlot, priorIsBuy) = (slot, isBuy);
            uint64 quantityWh = order.quantityWh;
            uint64 limitPrice = order.limitPrice;
            if (quantityWh < parameters.smallestOrder || quantityWh >= QUANTITY_LIMIT) {
                revert IMarketplace.WrongQuantity(i, quantityWh, parameters.smallestOrder);
            }
            if (limitPrice < parameters.floorPrice || limitPrice > parameters.capPrice || limitPrice == 0) {
                revert IMarketplace.WrongLimit(i, limitPrice, parameters.floorPrice, parameters.capPrice);
            }
            // Unchecked: 2¹⁶ orders of less than 2⁷⁰ µ€ each.
            unchecked {
                bounds.penalty += Euro.euroUp(quantityWh, parameters.penaltyPrice);
                if (isBuy) bounds.debit += Euro.euroUp(quantityWh, limitPrice);
                else bounds.credit += Euro.euroUp(quantityWh, parameters.capPrice);
            }
        }
    }
}
