// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The settlement ERC-20 where no stablecoin exists: 6 decimals, smallest unit 1 µ€
interface ISettlementEuro {
    /// @notice Thrown when a bank payment's reference was used before.
    error ReferenceUsed(bytes32 bankReference);

    /// @notice Thrown when a reference is empty.
    error EmptyReference();

    /// @notice Thrown when there is nothing to mint or burn.
    error EmptyAmount();

    /// @notice Emitted when the issuer minted against a bank payment.
    event Minted(address indexed holder, uint256 amount, bytes32 indexed bankReference);

    /// @notice Emitted when a holder burned euro to be paid out by bank.
    event Redeemed(address indexed holder, uint256 amount, bytes32 indexed payoutReference);

    /// @notice Mints against a bank payment, once per reference. Issuer only.
    function mint(address holder, uint256 amount, bytes32 bankReference) external;

    /// @notice Burns the caller's euro; the issuer pays the same out by bank under the reference.
    function redeem(uint256 amount, bytes32 payoutReference) external;

    /// @notice Whether a bank payment's reference was used.
    function referenceUsed(bytes32 bankReference) external view returns (bool);
}
