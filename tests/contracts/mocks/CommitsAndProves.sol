// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Commits to a proof and sends it in the same block.
contract CommitsAndProves {
    /// @notice Forwards both calls and hands on a refusal.
    function run(address refuter, uint256 sessionId, bytes32 commitment, bytes calldata proof) external {
        (bool committed, ) = refuter.call(abi.encodeWithSignature("commit(uint256,bytes32)", sessionId, commitment));
        require(committed, "commit");
        (bool proved, bytes memory refusal) = refuter.call(proof);
        if (!proved) {
            assembly {
                revert(add(refusal, 32), mload(refusal))
            }
        }
    }
}
