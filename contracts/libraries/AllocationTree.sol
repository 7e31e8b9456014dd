// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AllocationProof, IMarketplace, SlotResult} from "../interfaces/IMarketplace.sol";

/// @title The tree over a slot's orders and fills, with sums in its nodes
/// @notice leaf = keccak256(0x00 ‖ index ‖ trader ‖ isBuy ‖ qty ‖ limit ‖ filled);
/// node = keccak256(0x01 ‖ left hash ‖ left sums ‖ right hash ‖ right sums). Padded on the right to a power of two.
library AllocationTree {
    /// @notice Checks that a leaf stands at its position of the slot's tree, hashes and sums alike. [5]
    function verify(SlotResult calldata result, AllocationProof calldata proof) internal pure {
        bytes32 hash = leafHash(proof);
        uint64[6] memory sums = leafSums(proof, result.price);
        if (proof.position >= result.orderCount || proof.siblings.length != depthOf(result.orderCount)) {
            revert IMarketplace.InvalidProof(hash, result.root);
        }
        if (proof.siblingSums.length != proof.siblings.length) {
            revert IMarketplace.LengthMismatch(proof.siblings.length, proof.siblingSums.length);
        }
        uint256 position = proof.position;
        for (uint256 level = 0; level < proof.siblings.length; ++level) {
            uint64[6] memory siblingSums = proof.siblingSums[level];
            hash =
                position & 1 == 0
                    ? nodeHash(hash, sums, proof.siblings[level], siblingSums)
                    : nodeHash(proof.siblings[level], siblingSums, hash, sums);
            for (uint256 i = 0; i < 6; ++i) sums[i] += siblingSums[i];
            position >>= 1;
        }
        if (hash != result.root || !_sumsMatch(sums, result)) revert IMarketplace.InvalidProof(hash, result.root);
    }

    /// @notice The hash of a leaf.
    function leafHash(AllocationProof calldata leaf) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encodePacked(
                    uint8(0),
                    leaf.index,
                    leaf.trader,
                    leaf.isBuy,
                    leaf.quantityWh,
                    leaf.limitPrice,
                    leaf.filledWh
                )
            );
    }

    /// @notice The sums of a leaf: filled by side; at the margin also quantity and fill by side.
    function leafSums(AllocationProof calldata leaf, uint64 price) internal pure returns (uint64[6] memory sums) {
        bool margin = price != 0 && leaf.limitPrice == price;
        if (leaf.isBuy) {
            sums[0] = leaf.filledWh;
            if (margin) (sums[2], sums[3]) = (leaf.quantityWh, leaf.filledWh);
        } else {
            sums[1] = leaf.filledWh;
            if (margin) (sums[4], sums[5]) = (leaf.quantityWh, leaf.filledWh);
        }
    }

    /// @notice The hash of a node over its children.
    function nodeHash(
        bytes32 left,
        uint64[6] memory leftSums,
        bytes32 right,
        uint64[6] memory rightSums
    ) internal pure returns (bytes32) {
        return keccak256(bytes.concat(bytes1(0x01), left, _packed(leftSums), right, _packed(rightSums)));
    }

    /// @notice ⌈log₂ count⌉: how many levels a tree over `count` leaves has above them.
    function depthOf(uint256 count) internal pure returns (uint256 depth) {
        while ((1 << depth) < count) ++depth;
    }

    function _packed(uint64[6] memory sums) private pure returns (bytes memory) {
        // abi.encodePacked pads the elements of an array to 32 bytes, so the six are named.
        return abi.encodePacked(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
    }

    function _sumsMatch(uint64[6] memory sums, SlotResult calldata result) private pure returns (bool) {
        return
            sums[0] == result.buyFilled &&
            sums[1] == result.sellFilled &&
            sums[2] == result.marginBuyQuantity &&
            sums[3] == result.marginBuyFilled &&
            sums[4] == result.marginSellQuantity &&
            sums[5] == result.marginSellFilled;
    }
}
