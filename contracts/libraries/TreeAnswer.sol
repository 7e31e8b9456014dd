// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SlotResult} from "../interfaces/IMarketplace.sol";
import {DemandedNode, ITreeDemands} from "../interfaces/ITreeDemands.sol";
import {AllocationTree} from "./AllocationTree.sol";
import {TreeProof} from "./TreeProof.sol";

/// @title What lies below a demanded node
/// @notice Up to five levels: the sums recorded for every node below, and at the bottom hashes, or leaves in clear.
library TreeAnswer {
    uint256 internal constant LEVELS = 5;

    /// @notice Checks that the node stands in the slot's posted tree.
    function requireNode(SlotResult calldata result, DemandedNode calldata node) internal pure {
        uint256 depth = AllocationTree.depthOf(result.orderCount);
        if (result.orderCount == 0 || node.level > depth || uint256(node.position) >> (depth - node.level) != 0) {
            revert ITreeDemands.NoSuchNode(node.level, node.position, depth);
        }
        TreeProof.climbFrom(result.root, node.position, (depth - node.level), node.hash, node.path);
    }

    /// @notice The level at which an answer about a node of `level` ends.
    function bottomOf(uint256 level) internal pure returns (uint256) {
        return level > LEVELS ? level - LEVELS : 0;
    }

    /// @notice The hash of the node of `level` below which this lies.
    function fold(uint256 level, bytes calldata sums, bytes calldata bottom) internal pure returns (bytes32) {
        uint256 below = level > LEVELS ? LEVELS : level;
        uint256 width = 1 << below;
        bytes32[] memory hashes = _bottomHashes(level, width, sums, bottom);
        uint256 end = sums.length;
        for (; width > 1; width >>= 1) {
            // Sums come from above: those of the lowest level are the last.
            uint256 start = end - width * TreeProof.SUMS_BYTES;
            for (uint256 i = 0; i < width; i += 2) {
                uint256 left = start + i * TreeProof.SUMS_BYTES;
                uint256 right = left + TreeProof.SUMS_BYTES;
                hashes[i >> 1] = TreeProof.nodeHash(
                    bytes.concat(hashes[i], sums[left:right]),
                    bytes.concat(hashes[i + 1], sums[right:right + TreeProof.SUMS_BYTES])
                );
            }
            end = start;
        }
        return hashes[0];
    }

    function _bottomHashes(
        uint256 level,
        uint256 width,
        bytes calldata sums,
        bytes calldata bottom
    ) private pure returns (bytes32[] memory hashes) {
        bool isLeaves = level <= LEVELS;
        uint256 size = isLeaves ? TreeProof.LEAF_BYTES : TreeProof.HASH_BYTES;
        uint256 requiredSums = (2 * width - 2) * TreeProof.SUMS_BYTES;
        if (sums.length != requiredSums || bottom.length != width * size) {
            revert ITreeDemands.WrongAnswerLength(sums.length, requiredSums, bottom.length, width * size);
        }
        hashes = new bytes32[](width);
        bytes32 empty = keccak256(new bytes(TreeProof.LEAF_BYTES));
        for (uint256 i = 0; i < width; ++i) {
            bytes calldata content = bottom[i * size:(i + 1) * size];
            if (!isLeaves) hashes[i] = bytes32(content);
            else if (keccak256(content) != empty) hashes[i] = TreeProof.leafHash(content);
        }
    }
}
