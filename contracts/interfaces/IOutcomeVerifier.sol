// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AllocationProof, OutcomeProof} from "./IMarketplace.sol";

/// @title What an outcome must look like, and whether an order stands in it
/// @notice Holds no state and no money: one instance serves every community.
interface IOutcomeVerifier {
    /// @notice Refuses results that contradict themselves or the session.
    /// @param encodedSlots `abi.encode(SlotResult[])`, one result per slot, in slot order.
    /// @param revealed Orders revealed in the session.
    /// @param floorPrice The session's floor.
    /// @param capPrice The session's cap.
    /// @return slotsHash The hash of the hashes of the results.
    function checkResults(
        bytes calldata encodedSlots,
        uint256 revealed,
        uint256 floorPrice,
        uint256 capPrice
    ) external pure returns (bytes32 slotsHash);

    /// @notice Refuses an order that does not stand at its place of the slot's allocation tree.
    /// @param outcome The slot's result among the hashes of all results.
    /// @param order The order's leaf and path.
    /// @return slotsHash The hash of the hashes of the results.
    function checkOrder(
        OutcomeProof calldata outcome,
        AllocationProof calldata order
    ) external pure returns (bytes32 slotsHash);
}
