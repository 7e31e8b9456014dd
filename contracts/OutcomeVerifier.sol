// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AllocationProof, IMarketplace, OutcomeProof, SlotResult} from "./interfaces/IMarketplace.sol";
import {IOutcomeVerifier} from "./interfaces/IOutcomeVerifier.sol";
import {AllocationTree} from "./libraries/AllocationTree.sol";
import {ResultChecks} from "./libraries/ResultChecks.sol";

/// @title What an outcome must look like, and whether an order stands in it
contract OutcomeVerifier is IOutcomeVerifier {
    /// @dev In `abi.encode(SlotResult[])`: offset and length, then the elements.
    uint256 private constant ARRAY_HEAD = 0x40;
    uint256 private constant SLOT_BYTES = 14 * 0x20;

    /// @inheritdoc IOutcomeVerifier
    function checkResults(
        bytes calldata encodedSlots,
        uint256 revealed,
        uint256 floorPrice,
        uint256 capPrice
    ) external pure returns (bytes32 slotsHash) {
        SlotResult[] memory slots = abi.decode(encodedSlots, (SlotResult[]));
        bytes32[] memory slotHashes = new bytes32[](slots.length);
        uint256 counted = 0;
        uint256 start = ARRAY_HEAD;
        for (uint256 i = 0; i < slots.length; ++i) {
            SlotResult memory result = slots[i];
            ResultChecks.check(i, result, revealed, floorPrice, capPrice);
            counted += result.orderCount;
            slotHashes[i] = keccak256(encodedSlots[start:start + SLOT_BYTES]);
            start += SLOT_BYTES;
        }
        if (counted != revealed) revert IMarketplace.WrongOrderTotal(counted, revealed);
        return keccak256(abi.encodePacked(slotHashes));
    }

    /// @inheritdoc IOutcomeVerifier
    function checkOrder(
        OutcomeProof calldata outcome,
        AllocationProof calldata order
    ) external pure returns (bytes32 slotsHash) {
        bytes32 resultHash = keccak256(abi.encode(outcome.result));
        if (outcome.slot >= outcome.slotHashes.length) {
            revert IMarketplace.WrongResultCount(outcome.slotHashes.length, uint256(outcome.slot) + 1);
        }
        if (outcome.slotHashes[outcome.slot] != resultHash) {
            revert IMarketplace.InvalidProof(resultHash, outcome.slotHashes[outcome.slot]);
        }
        AllocationTree.verify(outcome.result, order);
        return keccak256(abi.encodePacked(outcome.slotHashes));
    }
}
