// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SlotResult} from "../interfaces/IMarketplace.sol";
import {IRefutationVerifier, TreePlace} from "../interfaces/IRefutationVerifier.sol";
import {AllocationTree} from "./AllocationTree.sol";

/// @title Places of a posted allocation tree, as they stand there, right or wrong
/// @notice Sums are read exactly as they are hashed into the node above, so that a lie in them can be shown; they are
/// never added up on the way. Six big-endian uint64 are 48 bytes, a node with its sums 80.
library TreeProof {
    uint256 internal constant HASH_BYTES = 32;
    uint256 internal constant SUMS_BYTES = 48;
    uint256 internal constant NODE_BYTES = 80;
    uint256 internal constant STEP_BYTES = 128;
    uint256 internal constant LEAF_BYTES = 49;
    uint256 internal constant CHILDREN_BYTES = 160;
    uint256 internal constant SUM_COUNT = 6;

    bytes1 private constant LEAF_KIND = 0x00;
    bytes1 private constant NODE_KIND = 0x01;
    uint8 private constant BUY = 1;

    /// @notice An order with its fill. `side` is 1 for a buy, 0 for a sell; a posted tree may say anything else, too.
    struct Leaf {
        uint32 index;
        address trader;
        uint8 side;
        uint64 quantityWh;
        uint64 limitPrice;
        uint64 filledWh;
    }

    /// @notice Checks that an order stands at the place, and reads it. [6]
    function order(SlotResult calldata result, TreePlace calldata place) internal pure returns (Leaf memory) {
        _requireContent(place, LEAF_BYTES);
        _requireLevel(result, place, 0);
        climb(result, place, leafHash(place.content));
        return parse(place.content);
    }

    /// @notice Checks that padding stands at the place. [6]
    function padding(SlotResult calldata result, TreePlace calldata place) internal pure {
        _requireContent(place, 0);
        _requireLevel(result, place, 0);
        climb(result, place, bytes32(0));
    }

    /// @notice Checks that a node stands at the place, whose content is its children with their sums. [6]
    function node(SlotResult calldata result, TreePlace calldata place) internal pure {
        _requireContent(place, CHILDREN_BYTES);
        if (place.level == 0) {
            revert IRefutationVerifier.NoSuchPlace(0, place.position, AllocationTree.depthOf(result.orderCount));
        }
        climb(result, place, keccak256(bytes.concat(NODE_KIND, place.content)));
    }

    /// @notice Checks that this hash stands at a leaf's place. [6]
    function closedLeaf(SlotResult calldata result, TreePlace calldata place) internal pure returns (bytes32 hash) {
        _requireContent(place, HASH_BYTES);
        _requireLevel(result, place, 0);
        hash = bytes32(place.content);
        climb(result, place, hash);
    }

    /// @notice Checks that the path leads from a hash at the place to the posted root. [6]
    function climb(SlotResult calldata result, TreePlace calldata place, bytes32 hash) internal pure {
        uint256 depth = AllocationTree.depthOf(result.orderCount);
        uint256 position = place.position;
        if (result.orderCount == 0 || place.level > depth || position >> (depth - place.level) != 0) {
            revert IRefutationVerifier.NoSuchPlace(place.level, position, depth);
        }
        climbFrom(result.root, position, depth - place.level, hash, place.path);
    }

    /// @notice Checks that a path of so many levels leads from a hash at a position to the root. [6]
    function climbFrom(
        bytes32 root,
        uint256 position,
        uint256 levels,
        bytes32 hash,
        bytes calldata path
    ) internal pure {
        uint256 required = levels * STEP_BYTES;
        if (path.length != required) revert IRefutationVerifier.WrongPathLength(path.length, required);
        for (uint256 start = 0; start < required; start += STEP_BYTES) {
            // The node's own sums, then its sibling: what follows its hash where it is the left child.
            bytes calldata step = path[start:start + STEP_BYTES];
            hash = keccak256(
                position & 1 == 0
                    ? bytes.concat(NODE_KIND, hash, step)
                    : bytes.concat(NODE_KIND, step[SUMS_BYTES:], hash, step[:SUMS_BYTES])
            );
            position >>= 1;
        }
        if (hash != root) revert IRefutationVerifier.PathLeadsElsewhere(hash, root);
    }

    /// @notice The sums recorded for the place: beside its hash in the node above, or posted for the root.
    function recordedSums(
        SlotResult calldata result,
        TreePlace calldata place
    ) internal pure returns (uint256[SUM_COUNT] memory sums) {
        if (place.path.length != 0) return sumsAt(place.path, 0);
        sums[0] = result.buyFilled;
        sums[1] = result.sellFilled;
        sums[2] = result.marginBuyQuantity;
        sums[3] = result.marginBuyFilled;
        sums[4] = result.marginSellQuantity;
        sums[5] = result.marginSellFilled;
    }

    /// @notice What the two children of a node add up to; beyond 64 bits where they do, which no record can match.
    function childrenSums(bytes calldata children) internal pure returns (uint256[SUM_COUNT] memory sums) {
        sums = sumsAt(children, HASH_BYTES);
        uint256[SUM_COUNT] memory right = sumsAt(children, NODE_BYTES + HASH_BYTES);
        for (uint256 i = 0; i < SUM_COUNT; ++i) sums[i] += right[i];
    }

    /// @notice The sums that an order implies at a price.
    function impliedSums(Leaf memory leaf, uint64 price) internal pure returns (uint256[SUM_COUNT] memory sums) {
        bool isMargin = price != 0 && leaf.limitPrice == price;
        (uint256 filled, uint256 quantity) = leaf.side == BUY ? (0, 2) : (1, 4);
        sums[filled] = leaf.filledWh;
        if (isMargin) (sums[quantity], sums[quantity + 1]) = (leaf.quantityWh, leaf.filledWh);
    }

    /// @notice Six sums out of 48 bytes.
    function sumsAt(bytes calldata data, uint256 start) internal pure returns (uint256[SUM_COUNT] memory sums) {
        for (uint256 i = 0; i < SUM_COUNT; ++i) {
            sums[i] = uint64(bytes8(data[start:start + 8]));
            start += 8;
        }
    }

    /// @notice The hash of a node over its children, each with its sums.
    function nodeHash(bytes memory left, bytes memory right) internal pure returns (bytes32) {
        return keccak256(bytes.concat(NODE_KIND, left, right));
    }

    /// @notice The hash of an order's 49 bytes.
    function leafHash(bytes calldata content) internal pure returns (bytes32) {
        return keccak256(bytes.concat(LEAF_KIND, content));
    }

    /// @notice The fields of an order's 49 bytes.
    function parse(bytes calldata content) internal pure returns (Leaf memory) {
        return
            Leaf({
                index: uint32(bytes4(content[0:4])),
                trader: address(bytes20(content[4:24])),
                side: uint8(bytes1(content[24:25])),
                quantityWh: uint64(bytes8(content[25:33])),
                limitPrice: uint64(bytes8(content[33:41])),
                filledWh: uint64(bytes8(content[41:49]))
            });
    }

    function _requireContent(TreePlace calldata place, uint256 length) private pure {
        if (place.content.length != length) revert IRefutationVerifier.WrongContent(place.content.length, length);
    }

    function _requireLevel(SlotResult calldata result, TreePlace calldata place, uint256 level) private pure {
        if (place.level != level) {
            uint256 depth = AllocationTree.depthOf(result.orderCount);
            revert IRefutationVerifier.NoSuchPlace(place.level, place.position, depth);
        }
    }
}
