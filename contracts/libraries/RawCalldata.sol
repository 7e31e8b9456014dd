// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The bytes of an array argument as they came in
/// @notice Hashing an array of structs through `abi.encode` reads and writes every field; the encoding is there already.
library RawCalldata {
    uint256 private constant SELECTOR_BYTES = 4;
    uint256 private constant WORD = 32;

    /// @notice Length word and elements of a dynamic array of static structs: its ABI encoding less the leading offset.
    /// @dev Warning: only for an external function called directly, and only where every field is also read through
    /// the typed argument, which refuses a value that does not fit its type. Then the bytes are the canonical encoding.
    /// @param position Place of the array among the function's parameters, from 0.
    /// @param length Elements of the array.
    /// @param wordsPerElement Fields of a struct.
    function array(uint256 position, uint256 length, uint256 wordsPerElement) internal pure returns (bytes calldata) {
        uint256 head = SELECTOR_BYTES + position * WORD;
        uint256 start = SELECTOR_BYTES + uint256(bytes32(msg.data[head:head + WORD]));
        return msg.data[start:start + WORD + length * wordsPerElement * WORD];
    }
}
